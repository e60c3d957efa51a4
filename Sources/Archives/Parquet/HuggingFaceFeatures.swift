internal import Foundation

/// What Hugging Face's `datasets` says of a table's columns, which it leaves in the file under the key `huggingface`.
package struct HuggingFaceFeatures: Sendable, Equatable {
    /// The columns that are images.
    package private(set) var images: Set<String> = []
    /// The names of classes, of each column that numbers them.
    package private(set) var classNames: [String: [String]] = [:]

    /// Nil where the file says nothing of the kind.
    init?(_ metadata: [String: String]) {
        guard let text = metadata["huggingface"],
            let whole = (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any],
            let info = whole["info"] as? [String: Any], let features = info["features"] as? [String: Any]
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
