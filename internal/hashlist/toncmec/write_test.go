package toncmec

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"lapwing/internal/hashlist"
	"lapwing/internal/referral"
)

// The way back is tested in package hashlist: what is written is read again.

func TestWrite(t *testing.T) {
	t.Parallel()
	image := &hashlist.Entry{
		Source: "ncmec:7", ID: "a<1>", Media: "image",
		Hashes: []referral.Hash{{Kind: "md5", Value: "00"}, {Kind: "sha256", Value: "11"}, {Kind: "tmkpdqf", Value: "22"}},
		Labels: []referral.Label{{Scheme: "uk", Value: "B"}, {Scheme: "industry", Value: "A1"}},
		Votes:  []hashlist.Vote{{Kind: "tmkpdqf", Author: "ncmec:8", Reason: "x", ReasonID: "y"}},
	}
	var out bytes.Buffer
	findings, err := Write(&out, Page{
		Changes: []hashlist.Change{
			{Tombstone: &hashlist.Tombstone{Source: "ncmec:7", ID: "gone", Media: "video"}},
			{Entry: image},
			{Entry: &hashlist.Entry{Source: "s", ID: "text"}},
		},
		Next:   "/v2/entries?a=1&b=2",
		Member: func(source string) Member { return Member{source[6:], "Member & " + source[6:]} },
	})
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/page.xml")
	if err != nil {
		t.Fatal(err)
	}
	if got := out.String(); got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if len(findings) != 2 || findings[0].Path != "change 3" || findings[1].Path != "change 2" || !strings.Contains(findings[1].Text, "sha256") {
		t.Errorf("got %v, want that the third change and a sha256 of the second are left out", findings)
	}
}
