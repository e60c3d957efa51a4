internal import Core
internal import Synchronization

/// The unusable images, collected from all threads.
final class UnusableImages: Sendable {
    private let found = Mutex<[(place: Int, image: UnusableImage)]>([])

    /// Adds the fault of the image at position `place` of the work.
    func add(_ place: Int, in work: ImageBatches, _ fault: Fault) {
        let item = work.path(place)
        var reason = "\(fault)"
        if reason.hasPrefix("\(item): ") { reason.removeFirst(item.count + 2) }
        let image = UnusableImage(subset: work.subset(place).name, item: item, reason: reason)
        found.withLock { $0.append((place, image)) }
    }

    /// All unusable images in the order of the work.
    var all: [UnusableImage] { found.withLock { $0.sorted { $0.place < $1.place }.map(\.image) } }
}

/// The file `errors.tsv` beside the features, which lists the unusable images.
enum ErrorList {
    static let name = "errors.tsv"

    /// Publishes the list in `folder`, or removes an old one if there is nothing to list.
    static func write(_ images: [UnusableImage], in folder: String) throws(Fault) {
        let path = folder.appending(path: name)
        guard !images.isEmpty else { return removeFile(path) }
        let lines = images.map { "\($0.subset.rawValue)\t\(line($0.item))\t\(line($0.reason))\n" }
        try PublishedFile.publish("part\titem\treason\n" + lines.joined(), to: path)
    }

    /// The items of a subset that the list in `folder` names; none if it cannot be read.
    static func items(of subset: Subset, in folder: String) -> Set<String> {
        guard let bytes = try? fileBytes(folder.appending(path: name)) else { return [] }
        let rows = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            .map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
        return Set(rows.filter { $0.count == 3 && $0[0] == subset.rawValue }.map { String($0[1]) })
    }

    private static func line(_ text: String) -> String { String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 }) }

    /// The fault of a build with more unusable images than allowed.
    static func fault(_ images: [UnusableImage], of count: Int, allowed: Int, folder: String) -> Fault {
        let first =
            images.first.map {
                ", first '\($0.item)' (\($0.reason.hasSuffix(".") ? String($0.reason.dropLast()) : $0.reason))"
            } ?? ""
        return .badData(
            folder.appending(path: name), found: "\(images.count) of \(count) images that cannot be used\(first)",
            expected: allowed == 0 ? "none" : "at most \(allowed)",
            remedy: "repair them and run the same command again, or leave them out with "
                + "\(option: "skip_bad", "\(images.count)"); all others are kept")
    }
}
