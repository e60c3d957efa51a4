import Core
import Foundation
import TestSupport
import Testing

private let pointer = """
    version https://git-lfs.github.com/spec/v1
    oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
    size 605157884

    """

@Test(arguments: [
    (pointer, "a Git LFS pointer instead of the file"),
    ("version https://hawser.github.com/spec/v1\noid sha256:4d\n", "a Git LFS pointer instead of the file"),
    ("/annex/objects/SHA256E-s31390--f50d.npy\n", "a git-annex pointer instead of the file"),
    ("<!DOCTYPE html><html><head><title>Google Drive - Virus scan warning</title>", "an HTML page"),
    ("\u{feff}\n <HTML lang=\"en\">", "an HTML page"),
    (
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message>",
        "the error message of a server (AccessDenied)"
    ),
    ("<Error><Code>NoSuchKey</Code>", "the error message of a server (NoSuchKey)"),
    ("404: Not Found", "the error message of a server ('404: Not Found')"),
    ("Entry not found\n", "the error message of a server ('Entry not found')"),
])
func contentInThePlaceOfDataIsRefused(_ text: String, _ name: String) throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(text, "data.npy")
    for refused in [
        fault { () throws(Fault) in _ = try MappedFile(path: path) },
        fault { () throws(Fault) in _ = try fileBytes(path) },
        fault { () throws(Fault) in try OpenFile(reading: path).requireData() },
    ] {
        #expect(refused?.status == .badData && refused?.subject == path && refused?.found == name)
        #expect(refused?.remedy.contains("download") == true)
    }
    #expect(try fileBytes(path, anyContent: true) == Array(text.utf8))
    #expect(try MappedFile(path: path, anyContent: true).byteCount == text.utf8.count)
}

@Test(arguments: [
    "version 2\n", "Not Found\ndog\n", "<annotation><folder>VOC2012</folder>", "<?xml version=\"1.0\"?><annotation>",
    "{\"error\": 1}", "path,label\na.jpg,dog\n", "/annex/photos/1.jpg\n", "v",
])
func dataThatResemblesItIsRead(_ text: String) throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(text, "data.txt")
    #expect(try fileBytes(path) == Array(text.utf8))
}

@Test func formatsAreNamedByTheirFirstBytes() throws {
    func name(_ bytes: [UInt8]) -> String? { FileContent(head: bytes)?.name }
    #expect(name([]) == nil)
    #expect(name([0, 0, 0]) == "only zero bytes")
    #expect(name([0x50, 0x4B, 3, 4, 20]) == "a zip archive")
    #expect(name(Array("PAR1".utf8) + [21]) == "a Parquet table")
    #expect(try name(bytes(of: fixture("tensors/c-float32.npy"))) == "a NumPy array (.npy)")
    #expect(try name(bytes(of: fixture("tensors/all.safetensors"))) == "a .safetensors file")
    #expect(try name(bytes(of: fixture("tensors/matrix-legacy.pt"))) == "a pickle of Python")
    #expect(try name(bytes(of: fixture("tensors/matrix.pt"))) == "a zip archive")
    #expect(try name(bytes(of: fixture("imports/folders-pax.tar"))) == "a tar archive")
    #expect(try name(bytes(of: fixture("imports/json.tar.gz"))) == "gzip-compressed data")
    #expect(try name(bytes(of: fixture("images/rgb.jpg"))) == "a JPEG image")
    #expect(name(Array("path,label\n".utf8)) == nil)
}
