"""Looking at saliency maps of single pictures."""
