"""Find the equations about a convolution in somebody's document, and judge them.

A document becomes spans of mathematics (`source`), spans become words, trees and statements
(`mathematics`), and statements become equations between elements (`elements`), which tell the
`notation`.  Each equation is judged against the relation of the geometry found (`verdicts`).
Formulas for every size (`formulas`: sums in `index_formulas`, `operators`, channels in `labels`,
and in `meanings` which convolution they speak of) and statements about `sizes` are proved.  `check`
puts it together.
Documents are data: nothing in them is executed, and no other file is read.
"""
