internal import Archives
internal import Core
internal import Images
public import Reporting

/// A reader of pictures from image files, tar archives, and Parquet files.
public struct ImageFolder: PictureReader {
    /// The most pixels of a picture's longer side.
    private let side: Int

    /// Creates a reader of pictures with at most `side` pixels on the longer side.
    public init(side: Int = 112) {
        precondition(side > 0, "\(side) pixels")
        self.side = side
    }

    /// Returns a picture for each of `requests`, made on all threads.
    public func pictures(
        of requests: [PictureRequest], in folder: String
    ) -> [Result<Picture, PictureFailure>] {
        let source = ItemSource(folder: folder)
        return Parallel.map(requests.count) { picture(of: requests[$0], source) }
    }

    private func picture(of request: PictureRequest, _ source: ItemSource) -> Result<Picture, PictureFailure> {
        // An item that was sampled again has `#2` behind its path.
        let item =
            (try? source.require(request.item)) == nil
            ? request.item.replacing(/#[0-9]+$/, with: "") : request.item
        guard let content = try? source.content(of: item), let bytes = try? content.bytes() else {
            return .failure(.missing)
        }
        if let sum = request.checksum, unsafe checksum(bytes.span.bytes) != sum { return .failure(.changed) }
        guard let small = unsafe try? Thumbnail(of: bytes.span.bytes, path: item, side: side) else {
            return .failure(.undecodable)
        }
        return .success(
            Picture(width: small.width, height: small.height, jpeg: small.jpeg, isTurned: small.isTurned))
    }
}
