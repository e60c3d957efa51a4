/// The page's style sheet with light, dark, and print colors.
enum PageStyle {
    /// Returns the rules that hide and highlight the lines of methods without a script.
    static func toggles(_ numbers: [Int]) -> String {
        numbers.map { n in
            """
            figure:has(.t\(n):not(:checked)) .m\(n){display:none}
            figure:has(.l\(n):hover) .s:not(.m\(n)),figure:has(.t\(n):focus-visible) .s:not(.m\(n)){opacity:.13}

            """
        }.joined()
    }

    static let sheet = """
        :root{color-scheme:light dark;--paper:#fcfbf8;--raised:#f3f1ea;--ink:#1d1b18;--muted:#5a564e;--rule:#d8d3c7;
        --accent:#0a6460;--k0:#0b62a8;--k1:#b4440a;--k2:#00755a;--k3:#9c3782;--k4:#836400;--k5:#1f83b8;--k6:#5647b0;\
        --k7:#666}
        @media (prefers-color-scheme:dark){:root{--paper:#171715;--raised:#22211e;--ink:#ece9e2;--muted:#aca79c;\
        --rule:#3d3b36;
        --accent:#63cdc2;--k0:#6cb2f0;--k1:#f28a4b;--k2:#3fc59b;--k3:#e08ccb;--k4:#d9b93b;--k5:#93d6f6;--k6:#ada1f7;\
        --k7:#b5b5b5}}
        *{box-sizing:border-box}
        html{scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",\
        Roboto,"Noto Sans",
        "Liberation Sans",sans-serif;overflow-wrap:anywhere}
        header,main,footer{max-width:60rem;margin:0 auto;padding:0 1.25rem}
        header{padding-top:3rem}
        h1,h2,h3{font-family:"Iowan Old Style","Palatino Linotype",Palatino,"URW Palladio L","Book Antiqua",Georgia,\
        serif;
        font-weight:600;line-height:1.2;text-wrap:balance}
        h1{font-size:clamp(1.9rem,1.2rem + 3vw,2.9rem);margin:0 0 .75rem;letter-spacing:-.01em}
        h2{font-size:1.65rem;margin:4rem 0 .5rem;padding-top:.8rem;border-top:3px solid var(--accent)}
        h3{font-size:1.25rem;margin:2.75rem 0 .5rem}
        h4{font-size:1rem;margin:1.75rem 0 .5rem}
        p,ul,ol,dl{max-width:42rem}
        .lede{font-size:1.15rem;color:var(--muted);margin:0 0 1.5rem}
        a{color:var(--accent);text-underline-offset:.18em}
        :focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:2px}
        .skip{position:absolute;left:-99rem;top:0;background:var(--paper);padding:.6rem 1rem;z-index:9}
        .skip:focus{left:0}
        nav ul{list-style:none;padding:0;margin:0;display:flex;flex-wrap:wrap;gap:.3rem 1.4rem}
        nav a{display:inline-block;padding:.2rem 0}
        dl{display:grid;grid-template-columns:minmax(6rem,max-content) 1fr;gap:.35rem 1.5rem;margin:1.5rem 0}
        dt{color:var(--muted)}dd{margin:0}
        figure{margin:1.25rem 0 0}
        figcaption,caption{font-size:.9rem;color:var(--muted);text-align:left}
        caption{caption-side:top;padding:0 0 .5rem}
        caption span.said{display:inline-block;position:sticky;left:0;max-width:min(42rem,calc(100vw - 2rem))}
        .warn{color:var(--ink);border-left:4px solid var(--k1);padding-left:.75rem}
        .chart{display:block;width:100%;height:auto;overflow:visible}
        .chart text{font-size:14px;fill:var(--muted);font-variant-numeric:tabular-nums}
        .chart.small text{font-size:13px}
        .grid{stroke:var(--rule);fill:none}.axis{stroke:var(--muted);fill:none}
        .l{fill:none;stroke:var(--c);stroke-width:2;stroke-linejoin:round}
        .w{fill:none;stroke:var(--c);stroke-width:1.2;opacity:.75}
        .p{fill:var(--c);stroke:var(--paper);stroke-width:.8}
        .level{--c:var(--ink)}.level .l{stroke-width:1.6;stroke-dasharray:1 4;stroke-linecap:round}
        .s{transition:opacity .12s}
        .k0{--c:var(--k0)}.k1{--c:var(--k1)}.k2{--c:var(--k2)}.k3{--c:var(--k3)}
        .k4{--c:var(--k4)}.k5{--c:var(--k5)}.k6{--c:var(--k6)}.k7{--c:var(--k7)}
        .swatch{width:30px;height:14px;flex:none}
        .legend{border:0;padding:0;margin:.4rem 0 .2rem;display:flex;flex-wrap:wrap;gap:.15rem 1.1rem;font-size:.9rem;\
        min-width:0}
        .legend legend{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
        .legend label,.legend .key{display:inline-flex;align-items:center;gap:.4rem;padding:.2rem 0;cursor:pointer}
        .legend .key{cursor:auto}
        .legend input{accent-color:var(--accent);margin:0;width:1rem;height:1rem}
        .readout{min-height:1.5em;margin:.2rem 0;font-size:.9rem;font-variant-numeric:tabular-nums}
        .scroll{position:relative;overflow-x:auto;margin:1.25rem 0;max-width:100%}
        table{border-collapse:separate;border-spacing:0;min-width:min(100%,26rem);font-size:.9rem;\
        font-variant-numeric:tabular-nums lining-nums;overflow-wrap:normal}
        th,td{padding:.32rem .7rem;text-align:right;white-space:nowrap;vertical-align:baseline}
        thead th{border-bottom:1.5px solid var(--ink);font-weight:600;vertical-align:bottom}
        tbody th,tbody td{border-bottom:1px solid var(--rule)}
        tbody th{font-weight:500}
        th:first-child,td:first-child{position:sticky;left:0;background:var(--paper);text-align:left;padding-left:0;\
        z-index:1}
        .text{text-align:left}
        td.best{background:var(--raised)}
        td.best b{font-weight:700}
        .star{color:var(--accent);padding-right:.3em}
        tr.published>*,tr.published+tr.difference>*{color:var(--muted)}
        tr.published th:first-child,tr.published+tr.difference th:first-child{padding-left:1.2em}
        td.differs{background:var(--raised)}
        th button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer;text-align:inherit}
        th button::after{content:"\\2195";opacity:.45;padding-left:.3em;font-size:.85em}
        th[aria-sort=ascending] button::after{content:"\\2191";opacity:1}
        th[aria-sort=descending] button::after{content:"\\2193";opacity:1}
        .tools{display:inline-flex;gap:.5rem}
        .tools button{font:inherit;font-size:.85rem;color:var(--accent);background:none;border:1px solid var(--rule);
        border-radius:3px;padding:.1rem .6rem;cursor:pointer}
        .bar{width:9rem;height:.75rem;display:inline-block;vertical-align:-.05rem}
        .bar .rest{fill:var(--raised)}.bar .full{fill:var(--accent)}
        .confusion td,.confusion th{text-align:center}.confusion th:first-child{text-align:left}
        .confusion .hit{outline:1.5px solid var(--accent);outline-offset:-2px;font-weight:600}
        .confusion .miss{background:var(--raised)}
        .confusion .zero{color:var(--muted)}
        .multiples{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,18rem),1fr));gap:1.5rem 2rem}
        code,pre{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;font-size:.88em}
        pre{background:var(--raised);padding:.8rem 1rem;white-space:pre-wrap;max-width:100%}
        summary{cursor:pointer}
        td details>code{white-space:normal;word-break:break-all;display:block;max-width:20rem}
        .vh{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden;white-space:nowrap}
        footer{color:var(--muted);font-size:.9rem;padding-bottom:3rem;margin-top:4rem}
        @media (max-width:40rem){header{padding-top:1.75rem}header,main,footer{padding-left:1rem;padding-right:1rem}
        h2{margin-top:3rem}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.6rem}
        .chart:not(.small) text{font-size:25px}.chart:not(.small) .name{font-size:22px}
        .legend label{padding:.35rem 0}.chart:not(.small) .l{stroke-width:4}.chart:not(.small) .p{stroke:var(--c);\
        stroke-width:4}
        tbody th:first-child{min-width:7.2rem;max-width:9.5rem;white-space:normal}}
        @media (prefers-reduced-motion:reduce){.s{transition:none}}
        @media print{:root{color-scheme:light;--paper:#fff;--raised:#eee;--ink:#000;--muted:#444;--rule:#bbb;\
        --accent:#0a6460;
        --k0:#0b62a8;--k1:#b4440a;--k2:#00755a;--k3:#9c3782;--k4:#836400;--k5:#1f83b8;--k6:#5647b0;--k7:#666}
        @page{margin:16mm}
        body{font-size:9.5pt}header,main,footer{max-width:none;padding:0}
        nav,.skip,.tools,.readout,.legend input{display:none}
        h2{break-before:page;margin-top:0}h2,h3,h4,caption,figcaption{break-after:avoid}
        figure,.multiples>*,tr{break-inside:avoid}
        .scroll{overflow:visible}table{font-size:8pt}th,td{padding:.15rem .4rem}th,tbody \
        th:first-child{white-space:normal}
        details.section table{font-size:7pt}caption span.said{position:static;max-width:none}
        th:first-child,td:first-child{position:static}
        th button::after{content:""}thead{display:table-header-group}details thead{display:table-row-group}
        .chart{max-height:95mm}}
        """
}
