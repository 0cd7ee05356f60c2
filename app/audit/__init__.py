"""Global saliency and response rate, live."""
