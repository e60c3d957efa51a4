internal import Adapter
internal import FoundationEssentials
internal import Studies

/// The pictures of a page, within its limits.
struct Gallery {
    private let options: PictureOptions?
    private var bytesLeft: Int
    /// The number of pictures that EXIF data turned.
    private(set) var turnedCount = 0
    /// The number of pictures beyond the limit of bytes.
    private(set) var omittedCount = 0
    private(set) var failures: [PictureFailure: Int] = [:]
    private(set) var count = 0
    private var explained: Set<String> = []

    init(_ options: PictureOptions?) {
        self.options = options
        bytesLeft = options?.byteLimit ?? 0
    }

    /// The most items of a section that is limited to `most` without an option.
    func limit(_ most: Int) -> Int { options.map { max(1, min($0.limit, most)) } ?? most }

    /// The folder of the images: the given one, or the recorded one if checksums tell that images are the same.
    private func folder(of items: RunItems) -> String? {
        guard let options, options.limit > 0 else { return nil }
        return options.folder ?? (items.checksums == nil ? nil : items.imageFolder)
    }

    /// Returns the markup of a picture for each of the items with these numbers; empty markup without a picture.
    mutating func images(of numbers: [Int], among items: RunItems) -> [HTML] {
        guard let options, let folder = folder(of: items), bytesLeft > 0 else { return numbers.map { _ in "" } }
        let requests = numbers.map { number in
            PictureRequest(item: items.records[number].prediction.item, checksum: items.checksums?[number])
        }
        return zip(requests, options.reader.pictures(of: requests, in: folder)).map { request, result in
            switch result {
            case .success(let picture): return markup(picture, of: request.item)
            case .failure(let failure):
                failures[failure, default: 0] += 1
                return ""
            }
        }
    }

    private mutating func markup(_ picture: Picture, of item: String) -> HTML {
        let data = Data(picture.jpeg).base64EncodedString()
        guard data.utf8.count <= bytesLeft else {
            omittedCount += 1
            return ""
        }
        bytesLeft -= data.utf8.count
        count += 1
        turnedCount += picture.isTurned ? 1 : 0
        return """
            <img alt="\(item)" width="\(picture.width)" height="\(picture.height)" \
            src="data:image/jpeg;base64,\(data)">
            """
    }

    /// Returns a sentence on the absence of pictures of `items`, unless it was returned before.
    mutating func explanation(_ items: RunItems) -> HTML {
        let sentence =
            if options == nil {
                "No pictures were requested."
            } else if folder(of: items) == nil {
                "No pictures, because the features do not record their images; name the images' folder with --root."
            } else if bytesLeft <= 0 {
                "No more pictures, because the page holds at most 3 MB of them."
            } else {
                "No pictures, because the image files were not found or have changed; name their folder with --root."
            }
        return explained.insert(sentence).inserted ? "<p class=\"note\">\(sentence)</p>\n" : ""
    }

    /// Sentences on the pictures of the page, and on those that are missing.
    var notes: [String] {
        var notes: [String] = []
        if count > 0 {
            notes.append(
                "\(counted(count, "picture")): whole images, reduced. The encoder sees them resized or cropped to a "
                    + "square.")
        }
        if turnedCount > 0 {
            notes.append(
                "\(counted(turnedCount, "picture")) shown upright by EXIF data; the encoder sees the stored pixels, "
                    + "which are turned.")
        }
        let words: [PictureFailure: String] = [
            .missing: "no image file", .changed: "an image file that changed since it was encoded",
            .undecodable: "an image that cannot be decoded",
        ]
        for failure in PictureFailure.allCases {
            guard let count = failures[failure], let word = words[failure] else { continue }
            notes.append("\(counted(count, "item")) without a picture: \(word).")
        }
        if omittedCount > 0 {
            notes.append("\(counted(omittedCount, "picture")) left out, because the page holds at most 3 MB of them.")
        }
        return notes
    }
}
