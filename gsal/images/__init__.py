"""Pictures: the one loader, folders and tables of labels, and the geometry between picture and network."""
