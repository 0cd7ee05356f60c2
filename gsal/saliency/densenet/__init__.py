"""DenseNets explained without a graph: a forward pass that keeps its gates, and a transposed pass by hand."""
