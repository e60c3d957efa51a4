internal import Foundation

/// The column types that Hugging Face's `datasets` stores in a Parquet file under the key `huggingface`.
package struct HuggingFaceFeatures: Sendable, Equatable {
    /// The names of image columns.
    package private(set) var images: Set<String> = []
    /// The class names of each column of class indices.
    package private(set) var classNames: [String: [String]] = [:]

    /// Decodes a file's metadata; nil if it has no such entry.
    init?(_ metadata: [String: String]) {
        guard let text = metadata["huggingface"],
            let document = (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any],
            let info = document["info"] as? [String: Any], let features = info["features"] as? [String: Any]
        else { return nil }
        for (column, feature) in features {
            guard let feature = feature as? [String: Any] else { continue }
            switch feature["_type"] as? String {
            case "Image": images.insert(column)
            case "ClassLabel": if let names = feature["names"] as? [String] { classNames[column] = names }
            default: break
            }
        }
    }
}
