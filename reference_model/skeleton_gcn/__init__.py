"""A graph convolutional network on skeletons: the supervised classifier that recognition is measured against."""
