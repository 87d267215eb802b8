"""What is measured, side by side with a reference, as ratios."""
