public import Core

/// Feature files whose rows stay in other feature files, behind an HDF5 virtual dataset.
public enum VirtualFeatures {
    /// Writes a feature file over others, in the order of their items.
    ///
    /// Every byte of them is read once, as the file has the identity of all its features.
    ///
    /// - Parameters:
    ///   - path: the file to write.
    ///   - names: feature files, hot or packed, of the same views, width and type.
    ///   - folder: the folder that the names start from, and that the file will be in.
    ///   - items: labels, names and classes of the items of all parts.
    ///   - provenance: how the features came to be.
    ///   - progress: takes items done and items in all.
    /// - Throws: `badData` for a part that is damaged or of another shape; what writing throws.
    public static func write(
        to path: String, parts names: [String], in folder: String, _ items: PartItems, provenance: Provenance,
        progress: Progress = { _, _ in }
    ) throws(Fault) {
        guard let first = names.first else { preconditionFailure("a virtual file of no parts") }
        let model = try FeatureFile(path: "\(folder)/\(first)")
        var parts: [VirtualPart] = []
        var hasher = Digest.Hasher()
        var count = 0
        for name in names {
            let file = try FeatureFile(path: "\(folder)/\(name)")
            guard file.part == model.part, file.views == model.views, file.width == model.width,
                file.type == model.type, file.isNormalized == model.isNormalized, !file.isVirtual
            else {
                throw .badData(
                    file.path, found: "\(file.form) \(file.part.rawValue) features of another shape",
                    expected: "those of '\(first)'", remedy: "make the part again")
            }
            try file.forEachPiece { range, bytes throws(Fault) in
                hasher.update(bytes)
                try progress(count + range.upperBound, items.labels.count)
            }
            count += file.count
            parts.append(VirtualPart(name: name, count: file.count, digest: file.digest))
        }
        let shape = try FeatureShape(
            count: count, views: model.views, width: model.width, type: model.type, path: path)
        let rest = try Accompaniment(
            model.part, isNormalized: model.isNormalized, provenance, items.tables(count: count, path: path), path: path
        )
        let output = try PublishedFile(path)
        let features = Assembly.Features.parts(parts)
        try output.reserve(features.end + Seal.piece)
        let temporary = output.temporaryPath
        try HDF5.at(path, .inputOutput) { () throws(HDF5Error) in
            // What other programs read: each finds the parts from the file's folder on.
            let file = try HDF5File(creating: temporary)
            let features = try Dataset(
                creatingVirtual: "features", in: file, shape.type.datatype, shape: shape.extents,
                sources: parts.map { ($0.name, $0.count) })
            try features.close()
            try file.flush()
            try file.close()
        }
        try Assembly.finish(output, features, hasher.finish(), rest)
        try output.publish()
    }
}
