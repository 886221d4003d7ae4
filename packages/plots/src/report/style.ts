/**
 * The style sheet of reports. Colours are set for ground and ink alike, so a dark system theme changes nothing;
 * on paper, figures and table rows stay whole.
 */
export const STYLE = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:#f3f4f6;color:#1f2328;font:15px/1.5 system-ui,-apple-system,"Segoe UI","Helvetica Neue",Arial,"DejaVu Sans",sans-serif}
header,main,footer{max-width:1280px;margin:0 auto;padding:0 24px}
header{padding-top:28px;padding-bottom:4px}
h1{margin:0;font-size:26px;line-height:1.25;overflow-wrap:anywhere}
.subtitle{margin:4px 0 0;color:#57606a}
.badges{display:flex;flex-wrap:wrap;gap:8px;margin:12px 0 0;padding:0;list-style:none}
.badge{display:inline-block;padding:2px 10px;border:1px solid #8c959f;border-radius:12px;background:#fff;font-size:13px;font-weight:600}
.badge.good{border-color:#1b6e53;background:#e3f4ec;color:#0d4a36}
.badge.marginal{border-color:#9a6700;background:#fff6d6;color:#5c3d00}
.badge.poor{border-color:#a40e26;background:#ffe9e8;color:#82071e}
section{margin:20px 0;padding:18px 20px;border:1px solid #d5dae0;border-radius:8px;background:#fff}
h2{margin:0 0 12px;font-size:18px}
h3{margin:20px 0 8px;font-size:16px}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:16px 0 0}
.cards div{padding:10px 14px;border:1px solid #d5dae0;border-radius:8px;background:#fff}
.cards dt{color:#57606a;font-size:13px}
.cards dd{margin:0;font-size:18px;font-weight:600;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
.messages{margin:0;padding:0;list-style:none}
.messages li{margin:6px 0;padding:6px 12px;border-left:4px solid #57606a;background:#f6f8fa;overflow-wrap:anywhere}
.messages .warning{border-color:#9a6700;background:#fff9e5}
.messages .error{border-color:#a40e26;background:#fff0ef}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums}
caption{padding-bottom:6px;color:#57606a;font-size:13px;text-align:left;caption-side:top}
th,td{padding:5px 14px 5px 0;border-bottom:1px solid #e3e6ea;text-align:left;vertical-align:top;white-space:nowrap}
thead th{border-bottom:2px solid #8c959f;font-size:13px}
tbody th{font-weight:600}
td.number,th.number{text-align:right}
td.text{white-space:normal;overflow-wrap:anywhere}
.symbol{color:#57606a;font-weight:400}
.flag{font-weight:600;color:#82071e}
.note{margin:8px 0 0;color:#57606a;font-size:13px}
figure{margin:0}
figure>svg{display:block;width:100%;height:auto}
.maps{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(320px,100%),1fr));gap:8px 12px}
.cuts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(440px,100%),1fr));gap:8px 12px;margin-top:12px}
.matrix>svg{width:auto;max-width:100%}
footer{padding-bottom:28px;color:#57606a;font-size:13px}
@media print{
@page{margin:14mm}
body{background:#fff;font-size:11px}
header,main,footer{max-width:none;padding:0}
section{margin:10px 0;padding:0;border:0}
.maps{grid-template-columns:repeat(3,1fr)}
.cuts{grid-template-columns:repeat(2,1fr)}
.scroll{overflow:visible}
figure,tr,.cards,.messages li,#scaling,#provenance{break-inside:avoid}
h2,h3{break-after:avoid}
.badge,.messages li{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}
`;
