"""Ink masks: proposed by the rules, exchanged with other programs, made, found and matched."""
