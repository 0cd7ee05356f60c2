"""Files the window needs beside its code: the style sheet."""
