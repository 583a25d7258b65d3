"""What the trainers of all reference models share: the loop, its checkpoints, records of runs, several processes."""
