import Core
import Foundation
import TestSupport
import Testing

@Test func filesAppearWhenTheyAreMovedAndTheStagedFolderGoes() throws {
    let scratch = try ScratchFolder()
    let output = scratch.file("output")
    do {
        let staged = try StagedFolder(in: output, for: "import")
        try staged.naming { () throws(Fault) in
            try PublishedFile.publish("whole", to: "\(staged.path)/a")
            try PublishedFile.publish("half", to: "\(staged.path)/b")
        }
        #expect(!FileManager.default.fileExists(atPath: scratch.file("output/a")))
        try staged.publish(["a"])
        try staged.publish(Array("small".utf8), to: "c")
    }
    #expect(scratch.files(in: "output").keys.sorted() == ["a", "c"] && scratch.text("output/a") == "whole")
}

@Test func aStagedFolderThatPublishesNothingLeavesNothing() throws {
    let scratch = try ScratchFolder()
    do {
        let staged = try StagedFolder(in: scratch.file("new"), for: "import")
        try staged.naming { () throws(Fault) in try PublishedFile.publish("half", to: "\(staged.path)/a") }
    }
    #expect(try scratch.names.isEmpty)
}

@Test func twoWritersWithOneProcessNumberHaveFoldersOfTheirOwn() throws {
    let scratch = try ScratchFolder()
    let first = try StagedFolder(in: scratch.path, for: "import")
    try first.naming { () throws(Fault) in
        try PublishedFile.publish("first", to: "\(first.path)/a")
        do {
            let second = try StagedFolder(in: scratch.path, for: "import")
            #expect(second.path != first.path)
            try second.naming { () throws(Fault) in try PublishedFile.publish("second", to: "\(second.path)/a") }
        }
    }
    try first.publish(["a"])
    #expect(scratch.text("a") == "first")
}

@Test func theFolderOfAKilledWriterIsRemovedByTheNextAndThatOfALivingOneStays() throws {
    let scratch = try ScratchFolder()
    try scratch.write("half", ".import.abandoned.partial/train.h5")
    try scratch.write("", ".import.killed.partial/lock")
    try scratch.write("other", ".measured.abandoned.partial/rows")
    try scratch.write("mine", ".import.notes.txt")
    let living = try StagedFolder(in: scratch.path, for: "import")
    try living.naming { () throws(Fault) in
        do { _ = try StagedFolder(in: scratch.path, for: "import").path }
        #expect(FileKind(at: living.path) == .folder)
    }
    let left = try scratch.names.filter { $0 != lastComponent(of: living.path) }
    #expect(left == [".import.notes.txt", ".measured.abandoned.partial"])
    try living.publish([])
}
