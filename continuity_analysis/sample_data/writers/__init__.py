"""Writers: the simulated history in the vendors' own formats, one module per tool."""
