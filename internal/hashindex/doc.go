// Package hashindex recognises fingerprints: it keeps the entries of the hash lists in memory and answers which of them
// have exactly a given value (Index.Exact), and which PDQ hashes are within a Hamming distance of a given one
// (Index.Near). Every answer is complete and exact: no entry is missed at any distance, and none is returned for a value
// that only resembles its own.
//
// A Builder collects entries, each a value of some Kind and the reference by which the caller knows it. Build makes an
// Index of them, which never changes. To follow a list, build another one and put it into the Holder; readers take the
// one in use from there and never wait. An index knows nothing of lists, categories or quality: leave out what must not
// match (hashes of low quality, withdrawn entries), and look up by Ref what a hit means. It asks nobody for permission
// either; who may learn of a hit is for the caller to decide.
//
// # How it finds
//
// Values other than PDQ stand sorted in one array for each kind and length, in full, with a directory by their first
// bits. A lookup is one step in the directory and a binary search in what it points to.
//
// PDQ hashes are cut into m chunks, with a table for each chunk of the hashes by their bits there (multi-index hashing:
// Norouzi, Punjani, Fleet, Fast Search in Hamming Space with Multi-Index Hashing, CVPR 2012). A hash near the query must
// be near it in some chunk, so a search looks into the buckets around the query's bits, chunk by chunk, and compares what
// it finds there. How far it looks in each chunk is chosen for each query by how crowded the buckets are, under the rule
// of the general pigeonhole principle that makes misses impossible (see plan). When that would take longer than to
// compare all hashes, or turns out to, all are compared. So data made to crowd the buckets can make a search take a few
// times as long as a scan, about 3 ns for each hash, and never costs an answer. Few hashes, and great distances, are a
// scan from the start.
//
// # What it costs
//
//	entries of another kind   the length of the value, 8 bytes for the reference, at most 1 for the directory
//	PDQ, up to 8 000          44 bytes: 32 hash, 8 reference, 4 place of the references
//	PDQ, up to 500 000        108 bytes in 16 chunks, and 4 MiB for all together
//	PDQ, up to 5 million      96 bytes in 13 chunks, and 44 MiB
//	PDQ, beyond               88 bytes in 11 chunks, and 448 MiB
//
// A PDQ hash with several references is stored once; each further reference takes 8 bytes. While it is built an index
// needs up to as much again. A search takes no memory but for its answer. At distance 31 and on random hashes it
// looks into 272 buckets and n/240 candidates with 16 chunks, 1400 and n/700 with 13, 2900 and n/3500 with 11; the
// benchmarks report both numbers.
package hashindex
