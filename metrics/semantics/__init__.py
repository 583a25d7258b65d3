"""What a frozen vision-language model sees in a motion: judges, and the metrics computed from what they see.

Import the module you need: `registry`, `declarations` and `questions` load no torch.
"""
