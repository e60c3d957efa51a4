/// A table of sines, scaled by 16384, for angles in units of 1/256 turn.
///
/// The table is a literal, because computed sines may differ between machines in the last digit.
enum SineTable {
    /// Returns the scaled sine of an angle.
    static func sine(_ angle: Int) -> Int {
        let step = angle & 63
        let size = angle & 64 == 0 ? quarter[step] : quarter[64 - step]
        return angle & 128 == 0 ? size : -size
    }

    /// Returns the scaled cosine of an angle.
    static func cosine(_ angle: Int) -> Int { sine(angle + 64) }

    /// The sines of the first quarter turn.
    private static let quarter = [
        0, 402, 804, 1205, 1606, 2006, 2404, 2801, 3196, 3590, 3981, 4370, 4756, 5139, 5520, 5897, 6270, 6639, 7005,
        7366, 7723, 8076, 8423, 8765, 9102, 9434, 9760, 10080, 10394, 10702, 11003, 11297, 11585, 11866, 12140, 12406,
        12665, 12916, 13160, 13395, 13623, 13842, 14053, 14256, 14449, 14635, 14811, 14978, 15137, 15286, 15426, 15557,
        15679, 15791, 15893, 15986, 16069, 16143, 16207, 16261, 16305, 16340, 16364, 16379, 16384,
    ]
}
