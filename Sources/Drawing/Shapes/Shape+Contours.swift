extension Shape {
    /// The outline as closed contours, of which an inner one is a hole.
    ///
    /// Coordinates are integers in units of 1/1024 of the shape's size; y points down.
    var contours: [[Vertex]] {
        switch self {
        case .circle: Self.circleContours
        case .square: Self.squareContours
        case .triangle: Self.triangleContours
        case .pentagon: Self.pentagonContours
        case .hexagon: Self.hexagonContours
        case .star: Self.starContours
        case .heart: Self.heartContours
        case .cross: Self.crossContours
        case .ring: Self.ringContours
        case .crescent: Self.crescentContours
        case .arrow: Self.arrowContours
        case .diamond: Self.diamondContours
        case .oval: Self.ovalContours
        case .drop: Self.dropContours
        case .bar: Self.barContours
        case .dome: Self.domeContours
        }
    }

    private static let circleContours = contours([
        [
            0, -900, 200, -877, 390, -811, 561, -704, 704, -561, 811, -390, 877, -200, 900, 0, 877, 200,
            811, 390, 704, 561, 561, 704, 390, 811, 200, 877, 0, 900, -200, 877, -390, 811, -561, 704, -704,
            561, -811, 390, -877, 200, -900, 0, -877, -200, -811, -390, -704, -561, -561, -704, -390, -811,
            -200, -877,
        ]
    ])

    private static let squareContours = contours([
        [-800, -800, 800, -800, 800, 800, -800, 800]
    ])

    private static let triangleContours = contours([
        [0, -950, 950, 800, -950, 800]
    ])

    private static let pentagonContours = contours([
        [0, -1000, 951, -309, 588, 809, -588, 809, -951, -309]
    ])

    private static let hexagonContours = contours([
        [980, 0, 490, 849, -490, 849, -980, 0, -490, -849, 490, -849]
    ])

    private static let starContours = contours([
        [
            0, -1050, 253, -348, 999, -324, 409, 133, 617, 849, 0, 430, -617, 849, -409, 133, -999, -324,
            -253, -348,
        ]
    ])

    private static let heartContours = contours([
        [
            0, -400, 11, -459, 78, -602, 233, -749, 459, -815, 702, -756, 890, -581, 960, -340, 890, -84,
            702, 155, 459, 374, 233, 575, 78, 750, 11, 874, 0, 920, -11, 874, -78, 750, -233, 575, -459,
            374, -702, 155, -890, -84, -960, -340, -890, -581, -702, -756, -459, -815, -233, -749, -78,
            -602, -11, -459,
        ]
    ])

    private static let crossContours = contours([
        [
            -320, -950, 320, -950, 320, -320, 950, -320, 950, 320, 320, 320, 320, 950, -320, 950, -320, 320,
            -950, 320, -950, -320, -320, -320,
        ]
    ])

    private static let ringContours = contours([
        [
            0, -950, 211, -926, 412, -856, 592, -743, 743, -592, 856, -412, 926, -211, 950, 0, 926, 211,
            856, 412, 743, 592, 592, 743, 412, 856, 211, 926, 0, 950, -211, 926, -412, 856, -592, 743, -743,
            592, -856, 412, -926, 211, -950, 0, -926, -211, -856, -412, -743, -592, -592, -743, -412, -856,
            -211, -926,
        ],
        [
            0, -500, 129, -483, 250, -433, 354, -354, 433, -250, 483, -129, 500, 0, 483, 129, 433, 250, 354,
            354, 250, 433, 129, 483, 0, 500, -129, 483, -250, 433, -354, 354, -433, 250, -483, 129, -500, 0,
            -483, -129, -433, -250, -354, -354, -250, -433, -129, -483,
        ],
    ])

    private static let crescentContours = contours([
        [
            893, 766, 704, 891, 492, 970, 267, 1000, 42, 978, -173, 906, -366, 788, -527, 629, -649, 438,
            -724, 225, -750, 0, -724, -225, -649, -438, -527, -629, -366, -788, -173, -906, 42, -978, 267,
            -1000, 492, -970, 704, -891, 893, -766, 731, -766, 574, -733, 426, -668, 295, -573, 187, -454,
            106, -314, 56, -160, 39, 0, 56, 160, 106, 314, 187, 454, 295, 573, 426, 668, 574, 733, 731, 766,
        ]
    ])

    private static let arrowContours = contours([
        [-1000, -260, 150, -260, 150, -750, 1000, 0, 150, 750, 150, 260, -1000, 260]
    ])

    private static let diamondContours = contours([
        [0, -1100, 680, 0, 0, 1100, -680, 0]
    ])

    private static let ovalContours = contours([
        [
            0, -600, 245, -585, 477, -541, 686, -469, 860, -374, 991, -260, 1072, -134, 1100, 0, 1072, 134,
            991, 260, 860, 374, 686, 469, 477, 541, 245, 585, 0, 600, -245, 585, -477, 541, -686, 469, -860,
            374, -991, 260, -1072, 134, -1100, 0, -1072, -134, -991, -260, -860, -374, -686, -469, -477,
            -541, -245, -585,
        ]
    ])

    private static let dropContours = contours([
        [
            0, -1150, 573, -52, 654, 99, 695, 265, 695, 435, 654, 601, 573, 752, 459, 878, 318, 974, 157,
            1032, -12, 1050, -181, 1026, -339, 962, -477, 862, -587, 731, -662, 578, -697, 411, -691, 240,
            -644, 76,
        ]
    ])

    private static let barContours = contours([
        [-330, -1050, 330, -1050, 330, 1050, -330, 1050]
    ])

    private static let domeContours = contours([
        [
            -1000, 450, -978, 242, -914, 43, -809, -138, -669, -293, -500, -416, -309, -501, -105, -545,
            105, -545, 309, -501, 500, -416, 669, -293, 809, -138, 914, 43, 978, 242, 1000, 450,
        ]
    ])
}
