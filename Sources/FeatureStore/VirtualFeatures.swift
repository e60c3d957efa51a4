public import Core

/// Feature files that refer to the rows of other feature files by an HDF5 virtual dataset.
public enum VirtualFeatures {
    /// Writes a virtual feature file in `folder` that joins the items of the files `names` of that folder in order.
    ///
    /// Reads every byte of the files once, because the identity of the result depends on all features.
    ///
    /// - Throws: `badData` for a file that is damaged or of another shape, and errors of writing.
    public static func write(
        to path: String, parts names: [String], in folder: String, _ items: PartItems, provenance: Provenance,
        progress: Progress = { _, _ in }
    ) throws(Fault) {
        guard let first = names.first else { preconditionFailure("a virtual file without sources") }
        let model = try FeatureFile(path: "\(folder)/\(first)")
        var sources: [VirtualSource] = []
        var hasher = Digest.Hasher()
        var count = 0
        for name in names {
            let file = try FeatureFile(path: "\(folder)/\(name)")
            guard file.part == model.part, file.views == model.views, file.width == model.width,
                file.type == model.type, file.isNormalized == model.isNormalized, !file.isVirtual
            else {
                throw .badData(
                    file.path, found: "\(file.seal.form.title) \(file.part.rawValue) features of another shape",
                    expected: "the shape and type of '\(first)'", remedy: "build the file again")
            }
            try file.forEachPiece { range, bytes throws(Fault) in
                hasher.update(bytes)
                try progress(count + range.upperBound, items.labels.count)
            }
            count += file.count
            sources.append(VirtualSource(name: name, count: file.count, digest: file.digest))
        }
        let shape = try FeatureShape(
            count: count, views: model.views, width: model.width, type: model.type, path: path)
        let side = try SideData(
            model.part, isNormalized: model.isNormalized, provenance, items.tables(count: count, path: path), path: path
        )
        try write(sources, hasher.finish(), shape, side, to: PublishedFile(path))
    }

    private static func write(
        _ sources: [VirtualSource], _ digest: Digest, _ shape: FeatureShape, _ side: SideData,
        to output: consuming PublishedFile
    ) throws(Fault) {
        let features = Assembly.Features.sources(sources)
        try output.reserve(features.end + Seal.piece)
        let temporary = output.temporaryPath
        try HDF5.at(output.path, .inputOutput) { () throws(HDF5Error) in
            // Other programs read this dataset and find the sources relative to the file's folder.
            let file = try HDF5File(creating: temporary)
            let features = try Dataset(
                creatingVirtual: "features", in: file, shape.type.datatype, shape: shape.extents,
                sources: sources.map { ($0.name, $0.count) })
            try features.close()
            try file.flush()
            try file.close()
        }
        try Assembly.finish(output, features, digest, side)
        try output.publish()
    }
}
