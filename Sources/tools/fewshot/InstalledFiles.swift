internal import Core
internal import Glibc

/// The files that are installed with this program, or lie in its sources beside the build.
enum InstalledFiles {
    /// The files of the demo.
    struct Demo {
        /// The folder of the tiny CLIP.
        let model: String
        /// The prompt templates.
        let prompts: String
    }

    /// Finds the files of the demo by the place of this program.
    ///
    /// - Throws: `noInput` where they are not there.
    static func demo() throws(Fault) -> Demo {
        let program = try programPath()
        var folder = parentFolder(of: program)
        // An installed program is at most three folders below the prefix; a built one lies in `.build`.
        while folder != parentFolder(of: folder) {
            for place in ["\(folder)/share/fewshot/demo", "\(folder)/Demo"] {
                let demo = Demo(model: "\(place)/tiny-clip", prompts: "\(place)/templates.txt")
                if FileKind(at: demo.model) == .folder { return demo }
            }
            folder = parentFolder(of: folder)
        }
        throw Fault(
            .noInput, program, found: "no share/fewshot/demo in the folders above", expected: "the files of the demo",
            remedy: "install this program again, with its whole folder")
    }

    /// The path of this program's file or, in a portable installation, of its loader.
    ///
    /// - Throws: `inputOutput` where the kernel does not tell.
    static func programPath() throws(Fault) -> String {
        let link = "/proc/self/exe"
        guard let path = unsafe realpath(link, nil) else {
            throw Fault(.inputOutput, link, found: "no path", expected: "the path of this program")
        }
        defer { unsafe free(path) }
        return unsafe String(cString: path)
    }
}
