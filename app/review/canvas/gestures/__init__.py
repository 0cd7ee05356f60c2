"""What a hand does on the canvas: each gesture is an object from press to release."""
