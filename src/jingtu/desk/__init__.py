"""An officer's desk: what waits to be done, one search over everything, kept views, the calendar of deadlines."""
