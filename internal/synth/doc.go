// Package synth makes invented referrals, for the demo desk, for benchmarks and for tests.
//
// Everything it makes is plainly invented and harmless in tone: "Synthetic report 17", providers such as "Sample Chat",
// people called "Test Person 17". Addresses come from the ranges set aside for documentation (RFC 5737, RFC 3849,
// RFC 2606), phone numbers from ranges set aside for films and books or from parts of a country's plan that nobody can
// have, digests from strings such as "lapwing synthetic file 17" or from drawn gradients and shapes. Nothing is
// described; what kind of report it is stands in the values of the formats alone.
//
// The same seed and parameters give the same bytes, on every machine. Bytes of packed files (JPEG, PNG, zip, gzip)
// come from Go's encoders and may change with the version of Go.
//
// [NewReports] gives a stream of CyberTipline reports for benchmarks, made so fast that it does not disturb what is
// measured: [Reports.AppendXML], [Reports.AppendFileDetails], and [TarStream] to feed intake through a pipe. [Demo] writes
// the inbox of an invented desk with hash lists and an address registry, and returns a [Manifest] of what a desk should
// make of it. [WriteDelegated] is that registry alone.
//
// Reading formats, taking referrals in and judging them are left to others.
package synth
