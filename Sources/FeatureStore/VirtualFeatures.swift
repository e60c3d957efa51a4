public import Core

extension PartItems {
    /// Writes a virtual feature file, whose HDF5 dataset refers to the rows of the files `names` of `folder` in order.
    ///
    /// Reads every byte of the files once, because the identity of the result depends on all features.
    ///
    /// - Throws: `badData` for a file that is damaged or of another shape, and errors of writing.
    public func writeVirtual(
        to path: String, parts names: [String], in folder: String, provenance: Provenance,
        progress: Progress = { _, _ in }
    ) throws(Fault) {
        guard let first = names.first else { preconditionFailure("a virtual file without sources") }
        let model = try FeatureFile(path: folder.appending(path: first))
        var sources: [VirtualSource] = []
        var hasher = Digest.Hasher()
        var count = 0
        for name in names {
            let file = try FeatureFile(path: folder.appending(path: name))
            guard file.part == model.part, file.layout.shape.hasRows(like: model.layout.shape),
                file.isNormalized == model.isNormalized, !file.isVirtual
            else {
                throw .badData(
                    file.path, found: "\(file.seal.form.title) \(file.part.rawValue) features of another shape",
                    expected: "the shape and type of '\(first)'", remedy: "build the file again")
            }
            try file.forEachPiece { range, bytes throws(Fault) in
                hasher.update(bytes)
                try progress(count + range.upperBound, labels.count)
            }
            count += file.count
            sources.append(VirtualSource(name: name, count: file.count, digest: file.digest))
        }
        let shape = FeatureShape(count: count, views: model.views, width: model.width, type: model.type)
        try shape.check(path)
        let side = try SideData(
            model.part, isNormalized: model.isNormalized, provenance, tables(count: count, path: path), path: path)
        let output = try PublishedFile(path)
        let features = Assembly.Features.sources(sources)
        try output.reserve(features.end + Seal.piece)
        // Other programs read this dataset and find the sources relative to the file's folder.
        _ = try HDF5File.begin(output, shape, .sources(sources))
        try Assembly.finish(output, features, hasher.finish(), side)
        try output.publish()
    }
}
