import Images
import Testing

@Test func theFormatIsDetectedFromContentOrFileName() {
    #expect(ImageFormat(firstBytes: [0xFF, 0xD8, 0xFF, 0xE0]) == .jpeg)
    #expect(ImageFormat(firstBytes: Array("GIF89a".utf8)) == .gif)
    #expect(ImageFormat(firstBytes: Array("plain text".utf8)) == nil)
    #expect(ImageFormat(fileName: "A photo (1).JPEG") == .jpeg)
    #expect(ImageFormat(fileName: "Thumbs.db") == nil)
}
