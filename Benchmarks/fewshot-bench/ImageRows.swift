import Core
import Foundation
import Images

/// Measures the time per image of decoding and preprocessing JPEGs on one thread.
///
/// The files in the folder `--data` are numbered from 0 on; with `-o` the raw values are written.
@Sendable func jpegTensor(_ options: [String: String]) throws -> [String: Double] {
    let folder = options["--data"] ?? "."
    let paths = (0...).lazy.map { "\(folder)/\($0).jpg" }.prefix { FileManager.default.fileExists(atPath: $0) }
    let all = Array(paths)
    let preprocessing = Preprocessing(passes: options["--passes"].flatMap(PassOrder.init(rawValue:)) ?? .adaptive)
    var preprocessor = try Preprocessor(preprocessing)
    let key = ViewKey(seed: 0, item: "", view: 0)
    var tensors = [Float](repeating: 0, count: all.count * preprocessing.count)
    var times: [Double] = []
    for _ in 0 ..< 5 {
        times.append(
            try seconds {
                var span = tensors.mutableSpan
                for (index, path) in all.enumerated() {
                    let image = try ImagePixels(path: path)
                    try preprocessor.write(key, of: image, path: path, into: &span, at: index * preprocessing.count)
                }
            })
    }
    if let output = options["-o"] {
        try unsafe tensors.withUnsafeBytes { unsafe try Data($0).write(to: URL(filePath: output)) }
    }
    return ["seconds": times.sorted()[2] / Double(max(1, all.count))]
}
