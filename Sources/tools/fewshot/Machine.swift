internal import CProcessor
internal import Core
internal import Glibc
internal import Kernels

/// The facts about this machine and this program that explain results, speed and failures.
struct Machine: Encodable {
    let version: String
    /// The file of this program or, in a portable installation, of its loader.
    let program: String
    /// The instructions that this program was compiled for, such as `x86-64-v3`.
    let build: String
    let processor: String
    /// The instruction sets of the processor that the tools use.
    let instructions: [String]
    /// The libraries of arithmetic and the kernels that they chose.
    let arithmetic: [String]
    /// The number of threads that the tools use: the processors that this process may use.
    let threads: Int
    /// The number of processors of the machine.
    let processors: Int
    /// The memory of the machine, in bytes.
    let memory: Int?
    /// The memory that is free or can be freed, in bytes.
    let availableMemory: Int?
    /// The limit of the process's control group, in bytes; nil without one.
    let memoryLimit: Int?
    let kernel: String
    let libc: String
    /// The environment variables that change kernels, threads or libraries.
    let environment: [String: String]

    /// Looks at this machine.
    ///
    /// - Throws: `inputOutput` where the kernel does not tell the path of this program.
    init() throws(Fault) {
        version = fewshotVersion
        program = try InstalledFiles.programPath()
        build = Self.buildName
        processor = Self.field("model name", of: "/proc/cpuinfo") ?? "unknown"
        instructions = Self.instructions
        arithmetic = Arithmetic.current.libraries
        threads = Parallel.threadCount
        processors = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        memory = Self.byteCount("MemTotal")
        availableMemory = Self.byteCount("MemAvailable")
        memoryLimit = Self.memoryLimit
        kernel = Self.text("/proc/sys/kernel/osrelease") ?? "unknown"
        libc = "glibc \(unsafe String(cString: cprocessor_libc_version()))"
        environment = Self.environment
    }

    /// A line per fact.
    var page: String {
        func size(_ count: Int?) -> String { count.map { "\($0 >> 20) MiB" } ?? "unknown" }
        let limit = memoryLimit.map { ", limited to \(size($0)) here" } ?? ""
        let set = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let facts: [(String, String)] = [
            ("fewshot", version),
            ("program", program),
            ("build", build),
            ("processor", processor),
            ("instructions", instructions.joined(separator: ", ")),
            ("arithmetic", arithmetic.joined(separator: "; ")),
            ("threads", "\(threads) of \(processors) processors"),
            ("memory", "\(size(memory)), \(size(availableMemory)) available\(limit)"),
            ("kernel", "Linux \(kernel), \(libc)"),
            ("environment", set.isEmpty ? "nothing that matters is set" : set.joined(separator: " ")),
        ]
        let width = facts.map(\.0.count).max() ?? 0
        return facts.map { "\($0)\(String(repeating: " ", count: width + 2 - $0.count))\($1)\n" }.joined()
    }

    /// The x86-64 level of the instructions that this program was compiled for.
    private static var buildName: String {
        let level = cprocessor_built_level()
        return level > 0 ? "x86-64-v\(level)" : "another architecture"
    }

    private static var instructions: [String] {
        var registers = cprocessor_registers()
        unsafe cprocessor_registers_here(&registers)
        let found = unsafe cprocessor_instructions(&registers)
        let names = (0 ..< 64).filter { found >> UInt64($0) & 1 == 1 }
        return names.compactMap { index in unsafe cprocessor_name(Int32(index)).map { unsafe String(cString: $0) } }
    }

    /// The smallest memory limit of the control group (version 2, or 1).
    private static var memoryLimit: Int? {
        let own = text("/proc/self/cgroup")?.split(separator: "\n").first { $0.hasPrefix("0::") }?.dropFirst(3)
        let places = [
            "/sys/fs/cgroup\(own ?? "")/memory.max", "/sys/fs/cgroup/memory.max",
            "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        ]
        // Version 1 writes a number near 2⁶³ for no limit.
        return places.compactMap { text($0).flatMap { Int($0) } }.filter { $0 < 1 << 60 }.min()
    }

    private static var environment: [String: String] {
        let names = [
            "OPENBLAS_CORETYPE", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA",
            "LD_PRELOAD", "LD_LIBRARY_PATH", "MALLOC_ARENA_MAX", "GLIBC_TUNABLES", "FEWSHOT_LEVEL",
        ]
        var found: [String: String] = [:]
        for name in names { if let value = unsafe getenv(name) { found[name] = unsafe String(cString: value) } }
        return found
    }

    /// The value of a line of `/proc/meminfo`, which counts in KiB.
    private static func byteCount(_ name: String) -> Int? {
        field(name, of: "/proc/meminfo").flatMap { $0.split(separator: " ").first }.flatMap { Int($0) }.map { $0 << 10 }
    }

    /// The text behind the colon of the first line that begins with `name`.
    private static func field(_ name: String, of path: String) -> String? {
        let line = text(path)?.split(separator: "\n").first { $0.hasPrefix(name) }
        return line?.split(separator: ":", maxSplits: 1).last.map { $0.trimmed }
    }

    /// The head of a file of the kernel's, whose size is unknown before it is read; nil if it cannot be read.
    private static func text(_ path: String) -> String? {
        guard let file = try? OpenFile(reading: path), let bytes = try? file.read(1 << 14, at: 0) else { return nil }
        return String(decoding: bytes, as: UTF8.self).trimmed
    }
}
