package hashindex_test

import (
	"crypto/sha256"
	"fmt"

	"lapwing/internal/hashindex"
)

func Example() {
	digest := sha256.Sum256([]byte("a drawn gradient"))
	picture := [32]byte{0: 0xf0, 31: 0x0f}

	var b hashindex.Builder
	for _, err := range []error{
		b.Add(hashindex.SHA256, digest[:], 101),
		b.Add(hashindex.SHA256, digest[:], 102), // another list has it too
		b.AddPDQ(picture, 103),
		b.Add("tmk_pdqf", []byte("compared for equality only"), 104),
	} {
		if err != nil {
			fmt.Println(err)
		}
	}
	var inUse hashindex.Holder
	inUse.Swap(b.Build())

	index := inUse.Load()
	fmt.Println("entries:", index.Len())
	fmt.Println("same file:", index.Exact("SHA-256", digest[:]))

	edited := picture
	edited[7] ^= 0b111 // three bits away
	fmt.Println("within 31 bits:", index.Near(edited, 31))
	fmt.Println("within 2 bits:", index.Near(edited, 2))
	// Output:
	// entries: 4
	// same file: [{101 0} {102 0}]
	// within 31 bits: [{103 3}]
	// within 2 bits: []
}
