"""What a submission is: a folder (or archive) of prediction files, how it is written, read and checked."""
