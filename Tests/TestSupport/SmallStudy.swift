public import Adapter
internal import Foundation
public import Studies

/// A study of a few steps on the small features in the folder `features`, which are written unless it exists.
public func smallStudy(
    in scratch: borrowing ScratchFolder, _ methods: [any AdapterMethod.Type] = Adapter.methods,
    features: String = "small", output: String = "runs"
) throws -> Study {
    let folder = scratch.file(features)
    if !FileManager.default.fileExists(atPath: folder) { try SmallFeatures().write(to: folder) }
    return smallStudy(folder, scratch.file(output), methods)
}
