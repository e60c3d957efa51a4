//! Reads and writes arrays as NumPy does, multiplies matrices, and finds the task of an array job.
//!
//! Run it with `swift run -c release UseArrays`. It writes features.npy.

import Foundation
import Kernels
import Scheduling
import TensorFiles

// snippet.tensors
try writeNpy(Tensor([3, 4, 0, 5] as [Float], shape: [2, 2]).view, to: "features.npy")
let file = try NpyFile(path: "features.npy")
let values = file.tensor.floats()
// snippet.end

// snippet.matrices
let features = Matrix(values, rows: file.shape[0], columns: file.shape[1])
let (unit, norms) = normalizeRows(features)
let similarities = product(unit, unit, transposingB: true)
print("lengths \(norms), cosine \(similarities[0, 1])")
// snippet.end

// snippet.task
if let task = try ArrayTask(environment: ProcessInfo.processInfo.environment) {
    print("task \(task.index), from \(task.variable)")
}
// snippet.end
