package synth

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"lapwing/internal/hashlist"
)

// lists writes the hash lists that the demo's files are on.
func (d *desk) lists() error {
	at := d.until.AddDate(0, 0, -1)
	add := func(name, file, note string, good bool, data []byte) {
		d.tree["lists/"+file] = entry{data, at}
		d.m.Lists = append(d.m.Lists, DemoList{Name: name, File: "lists/" + file, Good: good, Note: note})
	}
	add("demo-text", "demo-known.txt", "Invented. Plain lines, as a hotline may keep them.", false, d.textList())
	add("demo-ncmec", "demo-ncmec.xml",
		"Invented. Shape of NCMEC's Hash Sharing API, with PDQ, votes and entries that were taken back.", false,
		d.ncmecList(at))
	vics, err := d.vicsList(at)
	if err != nil {
		return err
	}
	add("demo-vics", "demo-vics.json", "Invented. Project VIC 2.0, category numbers of the US.", false, vics)
	add("demo-nsrl", "NSRLFile.txt", "Invented. Known files in the shape of NIST's RDS 2; less noise, nothing else.",
		true, d.goodList())
	return nil
}

// listed are the pictures with the standing.
func (d *desk) listed(s standing) (fs []media) {
	for _, f := range d.drawn {
		if f.standing == s {
			fs = append(fs, f)
		}
	}
	return fs
}

func (d *desk) textList() []byte {
	var b bytes.Buffer
	b.WriteString("# Synthetic list. Digests of strings and of drawings.\n")
	for n := textFrom; n < textTo; n++ {
		f := fileOf(n)
		fmt.Fprintf(&b, "md5 %x demo-%d\nsha1 %x demo-%d\nsha256 %x demo-%d\n", f.md5, n, f.sha1, n, f.sha256, n)
		if n%8 == 0 {
			fmt.Fprintf(&b, "pdq %x demo-%d\n", f.pdq, n)
		}
	}
	for _, f := range d.listed(standsKnown) {
		fmt.Fprintf(&b, "sha256 %s demo-%d\nmd5 %s demo-%d\n", f.sha256, f.number, f.md5, f.number)
	}
	return b.Bytes()
}

func (d *desk) ncmecList(at time.Time) []byte {
	r := newRandom(d.seed, drawPicture, 1<<40)
	var images, videos bytes.Buffer
	nImages, nVideos := 0, 0
	latest := at.AddDate(0, 0, -1)
	when := func(n int) string { return stamp(latest.AddDate(0, 0, -n%600)) }
	image := func(id int, md5, sha1, pdq, class string) {
		fmt.Fprintf(&images, `    <image>
      <member id="42">Example Member</member>
      <timestamp>%s</timestamp>
      <id>image-%d</id>
`, when(nImages), id)
		if class != "" {
			fmt.Fprintf(&images, "      <classification>%s</classification>\n", class)
		}
		images.WriteString("      <fingerprints>\n")
		for _, h := range [][2]string{{"md5", md5}, {"sha1", sha1}, {"pdq", pdq}} {
			if h[1] != "" {
				fmt.Fprintf(&images, "        <%s>%s</%s>\n", h[0], h[1], h[0])
			}
		}
		images.WriteString("      </fingerprints>\n")
		if nImages%9 == 0 {
			fmt.Fprintf(&images, `      <feedback lastUpdateTimestamp="%s">
        <affirmativeFeedback type="Md5" lastUpdateTimestamp="%[1]s">
          <members timestamp="%[1]s"><member id="43">Example Member 2</member></members>
        </affirmativeFeedback>
      </feedback>
`, when(nImages))
		}
		images.WriteString("    </image>\n")
		nImages++
	}
	for n := ncmecFrom; n < ncmecTo; n++ {
		f := fileOf(n)
		class := ""
		if r.in(850) {
			class = pick(&r, classes[:])
		}
		image(n, hex.EncodeToString(f.md5[:]), hex.EncodeToString(f.sha1[:]), hex.EncodeToString(f.pdq[:]), class)
		if n%60 == 0 {
			fmt.Fprintf(&images, `    <deletedImage>
      <member id="43">Example Member 2</member>
      <id>image-%d</id>
      <timestamp>%s</timestamp>
    </deletedImage>
`, 90_000+n, when(n))
			nImages++
		}
		if n%20 == 0 {
			f := fileOf(8_000 + n)
			fmt.Fprintf(&videos, `    <video>
      <member id="42">Example Member</member>
      <timestamp>%s</timestamp>
      <id>video-%d</id>
      <fingerprints>
        <md5>%x</md5>
        <sha1>%x</sha1>
      </fingerprints>
    </video>
`, when(n), n, f.md5, f.sha1)
			nVideos++
		}
	}
	for _, f := range d.listed(standsNear) {
		var like [32]byte
		_, _ = hex.Decode(like[:], []byte(f.picture.pdq)) // 64 digits: pdq.Hash wrote them
		flip(&r, &like, 6)
		image(f.number, "", "", hex.EncodeToString(like[:]), "")
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?>
<queryResult xmlns="https://hashsharing.ncmec.org/hashsharing/v2">
  <images count="%d" maxTimestamp="%s">
%s  </images>
  <videos count="%d" maxTimestamp="%s">
%s  </videos>
</queryResult>
`,
		nImages, stamp(latest), images.Bytes(), nVideos, stamp(latest), videos.Bytes())
	return b.Bytes()
}

// vicsList is a Media hash set (formats.md C.1): upper-case digests, a byte-order mark, and truth values that are words
// here and there, as real ones have.
func (d *desk) vicsList(at time.Time) ([]byte, error) {
	r := newRandom(d.seed, drawPicture, 1<<41)
	type vicsMedia struct {
		MediaID     int
		Category    int
		MD5         string
		SHA1        string
		MediaSize   int
		MimeType    string
		DateUpdated string
		Series      *string

		VictimIdentified any
		IsDistributed    any
	}
	out := struct {
		Context string      `json:"@odata.context"`
		Value   []vicsMedia `json:"value"`
	}{Context: "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Media"}
	for n := vicsFrom; n < vicsTo; n++ {
		f := fileOf(n)
		m := vicsMedia{MediaID: n, Category: 1 + r.n(2), MD5: strings.ToUpper(hex.EncodeToString(f.md5[:])),
			SHA1:      strings.ToUpper(hex.EncodeToString(f.sha1[:])),
			MediaSize: 10_000 + r.n(900_000), MimeType: "image/jpeg", DateUpdated: stamp(at.AddDate(0, 0, -r.n(600))),
			VictimIdentified: r.in(300), IsDistributed: "true"}
		if n%10 == 0 {
			series := fmt.Sprintf("Synthetic series %d", n/50)
			m.Series = &series
		}
		out.Value = append(out.Value, m)
	}
	b, err := json.MarshalIndent(out, "", " ")
	return append([]byte("\ufeff"), append(b, '\n')...), err
}

func (d *desk) goodList() []byte {
	var b bytes.Buffer
	b.WriteString(hashlist.NSRL2Header + "\r\n")
	row := func(sha1, md5, name string, size int) {
		fmt.Fprintf(&b, "%q,%q,\"%08X\",%q,%d,1,\"0\",\"\"\r\n", strings.ToUpper(sha1), strings.ToUpper(md5), size*7919,
			name, size)
	}
	for n := goodFrom; n < goodTo; n++ {
		f := fileOf(n)
		row(hex.EncodeToString(f.sha1[:]), hex.EncodeToString(f.md5[:]), fmt.Sprintf("synthetic-%d.bin", n), 1000+n)
	}
	for n := textFrom; n < textTo; n += 160 { // on which the lists disagree
		f := fileOf(n)
		row(hex.EncodeToString(f.sha1[:]), hex.EncodeToString(f.md5[:]), fmt.Sprintf("synthetic-%d.bin", n), 1000+n)
	}
	for _, f := range d.listed(standsGood) {
		row(f.sha1, f.md5, f.name(), len(f.picture.bytes))
	}
	return b.Bytes()
}

// registry writes the address database.
func (d *desk) registry() error {
	var b bytes.Buffer
	at := d.until.AddDate(0, 0, -1)
	if err := WriteDelegated(&b, at); err != nil {
		return err
	}
	const file = "geo/delegated-example-extended"
	d.tree[file] = entry{b.Bytes(), at}
	d.m.Geo = []string{file}
	return nil
}
