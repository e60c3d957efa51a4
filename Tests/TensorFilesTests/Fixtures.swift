import TestSupport

/// The path of a file that `make_tensor_files.py` has written.
func fixture(_ name: String) -> String { TestSupport.fixture("tensors/\(name)") }
