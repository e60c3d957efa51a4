/// What can be timed: a name, what it is, and the work, which gets the data folder and returns seconds (nil: nothing timed).
struct Row: Sendable {
    let name: String
    let meaning: String
    let body: @Sendable (String) throws -> Double?
}

let rows = [
    Row(name: "packed-read", meaning: "open DATA/packed/train.h5 and read all of it to float32", body: readPacked),
    Row(name: "hot-open", meaning: "open DATA/hot.h5 and read its first 256 rows to float32", body: openHot),
    Row(name: "hot-open-first", meaning: "the same where it is the first thing that a process does", body: openFirstHot),
    Row(name: "make-hot", meaning: "write DATA/hot.h5, 10 GiB, and a small one; nothing is timed", body: makeHot),
]
