"""What a promise is and what it owes. Pure: no clock, ids, environment or I/O; `now` is an argument."""
