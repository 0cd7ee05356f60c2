"""What an audit found, for reading: figures and one self-contained HTML page."""
