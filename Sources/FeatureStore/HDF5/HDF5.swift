internal import CHDF5
internal import Core
internal import Glibc
internal import Synchronization

/// A failed HDF5 call with the library's error stack, outermost frame first.
struct HDF5Error: Error {
    let call: String
    let frames: [String]
    /// The value of `errno` after the call.
    let code: Int32

    /// The failures of system calls that are looked for.
    private static let codes = [ENOSPC, EDQUOT, EFBIG, EROFS, EACCES, EIO, EMFILE, ENFILE, ENOMEM]

    func fault(_ path: String, _ status: ExitStatus) -> Fault {
        // The library reports most failed system calls as text inside its frames, and some only by `errno`.
        let named = Self.codes.first { code in
            let reason = unsafe String(cString: strerror(code))
            return frames.contains { $0.contains(reason) }
        }
        if let code = named ?? Self.codes.first(where: { $0 == code }) { return .system(.write, path, code: code) }
        return Fault(
            status, path, found: "'\(frames.last ?? "unknown")' from \(call)", expected: "a valid HDF5 file",
            remedy: status == .badData ? "build or copy the file again" : "check the disk and try again")
    }
}

/// The access to the HDF5 library: every C call is made through ``call(_:_:)`` or ``query(_:)``.
package enum HDF5 {
    /// The lock of the library, because Debian's serial HDF5 is not thread-safe.
    private static let library = Mutex<Bool>(false)

    /// Runs `body`, which calls C functions that cannot fail, under the library's lock.
    static func query<Value: Sendable>(_ body: () -> Value) -> Value {
        library.withLock { isReady in
            if !isReady {
                // The library's cleanup at exit crashes after a failed close on a full disk.
                H5dont_atexit()
                H5Eset_auto2(chdf5_default(), nil, nil)
                isReady = true
            }
            return body()
        }
    }

    /// Runs one C function under the library's lock; a negative code becomes an error.
    @discardableResult
    static func call<Code: SignedInteger & Sendable>(
        _ name: StaticString, _ body: () -> Code
    ) throws(HDF5Error) -> Code {
        let outcome = query {
            errno = 0
            let result = body()
            let code = errno
            return (result: result, code: code, frames: result < 0 ? errorFrames() : [])
        }
        guard outcome.result >= 0 else {
            throw HDF5Error(call: "\(name)", frames: outcome.frames, code: outcome.code)
        }
        return outcome.result
    }

    /// Runs `body` and converts its errors to messages that name `path`.
    static func at<Value: ~Copyable>(
        _ path: String, _ status: ExitStatus, _ body: () throws(HDF5Error) -> Value
    ) throws(Fault) -> Value {
        do { return try body() } catch { throw error.fault(path, status) }
    }

    /// The number of open files, datasets, types, and attributes in this process, for a test of leaks.
    package static var openObjectCount: Int {
        query {
            Int(H5Fget_obj_count(chdf5_every_file(), chdf5_every_object()))
                + [H5I_GENPROP_LST, H5I_DATASPACE].reduce(0) { sum, kind in
                    var members: hsize_t = 0
                    _ = unsafe H5Inmembers(kind, &members)
                    return sum + Int(members)
                }
        }
    }

    private static func errorFrames() -> [String] {
        var frames: [String] = []
        unsafe withUnsafeMutablePointer(to: &frames) { pointer in
            _ = unsafe H5Ewalk2(
                chdf5_default(), H5E_WALK_DOWNWARD,
                { _, frame, context in
                    guard let frame = unsafe frame?.pointee, let context = unsafe context else { return 0 }
                    let text = unsafe frame.desc.map { unsafe String(cString: $0) } ?? "unknown"
                    unsafe context.assumingMemoryBound(to: [String].self).pointee.append(text)
                    return 0
                }, pointer)
        }
        return frames
    }
}

/// An owned HDF5 identifier, released on destruction.
struct Handle: ~Copyable {
    let id: hid_t

    init(_ name: StaticString, _ open: () -> hid_t) throws(HDF5Error) { id = try HDF5.call(name, open) }

    deinit { _ = HDF5.query { H5Idec_ref(id) } }

    /// Releases the identifier by `H5Idec_ref` and reports errors.
    ///
    /// The library buffers small values until their dataset is closed, so an error may appear only then.
    consuming func close(_ name: StaticString) throws(HDF5Error) {
        let id = id
        discard self
        try HDF5.call(name) { H5Idec_ref(id) }
    }
}
