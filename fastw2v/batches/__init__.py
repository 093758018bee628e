"""What a batch is: `Windows`, as a plan makes it of text, and `Batch`, the examples and terms that engines compute."""
