"""One module per kind of export, found by its name; nothing else to register.

A module is named `<product>_<export>`. Its docstring says in the first line product and export, then how a user gets
one, its traps, and what it was checked against. It sets:

`CONTAINER`
    "json", "csv" or "lines" (text).
`KEY`
    JSON only: the array that holds the records, dotted where nested; `*` for every array of an object (its name is
    then the field "$key"); a tuple of alternatives; None (or left out) where the values themselves are the records.
`FIELDS`
    Name to dotted path, CSV header, or regular expression with one group; a tuple of alternatives, the first that is
    not null wins. Path keys that hold dots stand in double quotes, places in an array in brackets. "$page.a.b" is read
    from what stood around the record, "$file" is the file's name, "$raw" the whole record.
`EXPORT`
    "events", "window", "listing", "open_only", or "glance": signs of what happened, whose absence proves nothing.
`recognises(head)`
    True for its own files; `head` is an `ingest.heads.Head`.
`TABLES`
    Canonical table to a SELECT from `records`, which has `record_no`, one text column per field, and `page`;
    `candidates` has the ignored and rejected records as well (for the last line of a log, say), the unparsable ones
    with a `_reason`. None where all is ignored. A moment may be left as text. `moment(x)`, `epoch_s(x)` and
    `object_id_at(x)` make moments of text.
`IGNORES`, `REJECTS`, `REFUSES`, `NAIVE`, `OBSERVED`, `SCOPE`, `PRODUCT`, `TOGETHER`
    If need be: reason to SQL condition (both times); sentence to regular expression of the text of files that are this
    export in a form that cannot be read; fields with local times that have no offset; path of the file's own stamp, in
    the page or else the record (of an object there, the latest moment in it); field whose first value is the scope;
    product, where it is not the name up to the first underscore; True where the files of one folder, and of those below
    it, make one reading.
"""
