"""Log files into canonical rows, rejects and an account of both; nothing is lost without being named.

`read.read_files` is the one way in. A file's head is read once (`heads`), the one format that claims it is found
(`registry`), its records are taken apart (`records`, `json_values`, `csv_rows`), naive local times are put into UTC
(`clocks`), the format's SQL runs over the records, and its rows are cast and checked (`conform`).
"""
