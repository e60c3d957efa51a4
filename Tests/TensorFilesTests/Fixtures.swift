import TestSupport

/// Returns the path of a file written by `make_tensor_files.py`.
func fixture(_ name: String) -> String { TestSupport.fixture("tensors/\(name)") }
