"""Setting the ink rules: by how they do on the open picture."""
