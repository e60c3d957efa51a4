public import Core

/// The data that a method fits.
public struct FewShotTask: Sendable {
    /// The few labeled items; nil for methods that fit no labels.
    public var support: Support?
    /// The training items without labels; nil for methods that do not use them.
    public var unlabelled: Unlabelled?
    /// The text features; nil if there are none.
    public var text: ClassText?

    /// Takes the data of one model and one list of classes.
    ///
    /// - Throws: `badData` if text and images differ in width or classes.
    public init(support: Support?, unlabelled: Unlabelled? = nil, text: ClassText?) throws(Fault) {
        if let text, let width = support?.width ?? unlabelled?.width, text.width != width {
            throw .badData(
                "text.h5", found: "features \(text.width) wide", expected: "\(width) as in train.h5",
                remedy: "import images and text of one model")
        }
        if let text, let support, text.classCount != support.classCount {
            throw .badData(
                "text.h5", found: "\(text.classCount) classes", expected: "\(support.classCount) as in train.h5",
                remedy: "import images and text of the same classes")
        }
        self.support = support
        self.unlabelled = unlabelled
        self.text = text
    }

    /// The few-shot items of a method that requires them.
    func requiredSupport(_ method: String) throws(Fault) -> Support {
        guard let support else { throw Self.noItems("few-shot items", method) }
        return support
    }

    /// The items without labels of a method that requires them.
    func requiredUnlabelled(_ method: String) throws(Fault) -> Unlabelled {
        guard let unlabelled else { throw Self.noItems("items", method) }
        return unlabelled
    }

    private static func noItems(_ items: String, _ method: String) -> Fault {
        .badData("train.h5", found: "no \(items)", expected: "some for \(method)", remedy: "import a train part")
    }
}
