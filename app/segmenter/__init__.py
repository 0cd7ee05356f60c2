"""How good the masks of an ink network are: measured against people, picture by picture."""
