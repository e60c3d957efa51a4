internal import Core
internal import Glibc

/// libFuzzer's loop, which makes inputs and measures the branches that each of them covers.
@_silgen_name("LLVMFuzzerRunDriver")
func runLibFuzzer(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ examine: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// The commands: `fewshot-fuzz list`, `fewshot-fuzz seeds FOLDER`, or libFuzzer's own arguments with the target's name
/// in `FEWSHOT_FUZZ`.
enum Invocation {
    static let target: Target = {
        let name = unsafe getenv("FEWSHOT_FUZZ").map { unsafe String(cString: $0) } ?? ""
        guard let target = Target.all.first(where: { $0.name == name }) else {
            print("FEWSHOT_FUZZ=\(name) is none of: \(Target.all.map(\.name).joined(separator: " "))")
            exit(64)
        }
        return target
    }()

    static let scratch = Scratch()

    /// Parses `input` and checks the fault that it leads to.
    static func examine(_ input: [UInt8]) {
        do throws(Fault) { try target.parse(input, scratch) } catch {
            if let flaw = error.flaw { fail("\(flaw): \(error)") }
        }
    }
}

switch CommandLine.arguments.dropFirst().first {
case "list": for target in Target.all { print(target.name) }
case "seeds":
    do throws(Fault) {
        for target in Target.all {
            for (name, bytes) in try target.seeds(Invocation.scratch) {
                let place = "\(CommandLine.arguments[2])/\(target.name)/\(name)"
                unsafe try PublishedFile.publish(bytes.span.bytes, to: place)
            }
        }
    } catch {
        print(error)
        exit(1)
    }
default:
    _ = Invocation.target
    var count = CommandLine.argc
    var arguments = unsafe CommandLine.unsafeArgv
    let status = unsafe runLibFuzzer(&count, &arguments) { bytes, count in
        Invocation.examine(unsafe Array(UnsafeBufferPointer(start: bytes, count: count)))
        return 0
    }
    exit(status)
}
