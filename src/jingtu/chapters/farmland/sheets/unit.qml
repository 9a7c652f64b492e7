<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology|Labeling">
  <renderer-v2 type="categorizedSymbol" attr="类别" enableorderby="0" forceraster="0" symbollevels="0">
    <categories>
      <category value="优先保护类" symbol="0" label="Ⅰ 优先保护类" render="true"/>
      <category value="安全利用类" symbol="1" label="Ⅱ 安全利用类" render="true"/>
      <category value="严格管控类" symbol="2" label="Ⅲ 严格管控类" render="true"/>
      <category value="" symbol="3" label="未划分类别" render="true"/>
    </categories>
    <symbols>
      <symbol type="fill" name="0" alpha="1" clip_to_extent="1" force_rhr="0">
        <layer class="SimpleFill" enabled="1" locked="0" pass="0">
          <prop k="color" v="27,113,71,255"/><prop k="style" v="dense6"/>
          <prop k="outline_color" v="27,113,71,255"/><prop k="outline_width" v="0.3"/>
        </layer>
      </symbol>
      <symbol type="fill" name="1" alpha="1" clip_to_extent="1" force_rhr="0">
        <layer class="SimpleFill" enabled="1" locked="0" pass="0">
          <prop k="color" v="148,83,0,255"/><prop k="style" v="f_diagonal"/>
          <prop k="outline_color" v="148,83,0,255"/><prop k="outline_width" v="0.3"/>
        </layer>
      </symbol>
      <symbol type="fill" name="2" alpha="1" clip_to_extent="1" force_rhr="0">
        <layer class="SimpleFill" enabled="1" locked="0" pass="0">
          <prop k="color" v="174,35,27,255"/><prop k="style" v="diagonal_x"/>
          <prop k="outline_color" v="174,35,27,255"/><prop k="outline_width" v="0.3"/>
        </layer>
      </symbol>
      <symbol type="fill" name="3" alpha="1" clip_to_extent="1" force_rhr="0">
        <layer class="SimpleFill" enabled="1" locked="0" pass="0">
          <prop k="color" v="98,110,116,255"/><prop k="style" v="no"/>
          <prop k="outline_color" v="98,110,116,255"/><prop k="outline_style" v="dash"/><prop k="outline_width" v="0.3"/>
        </layer>
      </symbol>
    </symbols>
  </renderer-v2>
  <labeling type="simple">
    <settings calloutType="simple">
      <text-style fieldName="case when &quot;类别&quot;='优先保护类' then 'Ⅰ' when &quot;类别&quot;='安全利用类' then 'Ⅱ' when &quot;类别&quot;='严格管控类' then 'Ⅲ' end" isExpression="1" fontSize="9" textColor="26,35,39,255"/>
      <placement placement="1" centroidInside="1"/>
      <rendering scaleVisibility="1" scaleMin="100000" scaleMax="1"/>
    </settings>
  </labeling>
</qgis>
